/** Denoising diffusion and its lab. */
@NullMarked
package dev.harpia.models.diffusion;

import org.jspecify.annotations.NullMarked;
