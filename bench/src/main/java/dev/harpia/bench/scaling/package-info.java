/** How cost grows with batch, length, picture, width and threads. */
@NullMarked
package dev.harpia.bench.scaling;

import org.jspecify.annotations.NullMarked;
