/** Many clients of one model: a pool of workspaces against batches. */
@NullMarked
package dev.harpia.bench.serving;

import org.jspecify.annotations.NullMarked;
