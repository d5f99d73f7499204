/** Models and weights in the form in which Hugging Face keeps them. */
@NullMarked
package dev.harpia.models.hub;

import org.jspecify.annotations.NullMarked;
