/** Variational autoencoders, and the debiasing classifier that is built on one. */
@NullMarked
package dev.harpia.models.vae;

import org.jspecify.annotations.NullMarked;
