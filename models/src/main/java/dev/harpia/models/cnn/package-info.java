/** Convolutional networks and their labs. */
@NullMarked
package dev.harpia.models.cnn;

import org.jspecify.annotations.NullMarked;
