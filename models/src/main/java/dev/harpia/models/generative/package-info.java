/**
 * What the labs of generative models share: a judge of generated digits, distances, and pictures of
 * samples.
 */
@NullMarked
package dev.harpia.models.generative;

import org.jspecify.annotations.NullMarked;
