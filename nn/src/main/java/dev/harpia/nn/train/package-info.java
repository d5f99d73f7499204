/** The training loop: trainer, callbacks, metrics, checkpoints. */
@NullMarked
package dev.harpia.nn.train;

import org.jspecify.annotations.NullMarked;
