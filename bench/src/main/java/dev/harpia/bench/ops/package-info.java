/** Single operations against plain loops over heap arrays. */
@NullMarked
package dev.harpia.bench.ops;

import org.jspecify.annotations.NullMarked;
