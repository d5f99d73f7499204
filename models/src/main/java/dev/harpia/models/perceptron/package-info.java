/** The perceptron and its lab. */
@NullMarked
package dev.harpia.models.perceptron;

import org.jspecify.annotations.NullMarked;
