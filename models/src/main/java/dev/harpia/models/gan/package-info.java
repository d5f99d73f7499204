/** Generative adversarial networks and their lab. */
@NullMarked
package dev.harpia.models.gan;

import org.jspecify.annotations.NullMarked;
