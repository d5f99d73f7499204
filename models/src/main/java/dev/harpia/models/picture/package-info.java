/**
 * The pictures that the labs leave behind: curves, digits with their probabilities, decision maps.
 * No display needed.
 */
@NullMarked
package dev.harpia.models.picture;

import org.jspecify.annotations.NullMarked;
