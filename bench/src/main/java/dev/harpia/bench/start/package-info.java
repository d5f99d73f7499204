/**
 * Programs that load an MLP, print one answer and end, as a user would write them: what workload 9
 * times from outside. They use nothing of this project but the library that they show, and have
 * none of the benchmarks' jars on their class path.
 */
@NullMarked
package dev.harpia.bench.start;

import org.jspecify.annotations.NullMarked;
