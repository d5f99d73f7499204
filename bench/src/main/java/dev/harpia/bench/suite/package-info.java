/** Whole workloads, on Harpia and on its peers, each in a JVM of its own. */
@NullMarked
package dev.harpia.bench.suite;

import org.jspecify.annotations.NullMarked;
