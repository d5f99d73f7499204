/** The workloads on Harpia: models written straight from their definitions. */
@NullMarked
package dev.harpia.bench.harpia;

import org.jspecify.annotations.NullMarked;
