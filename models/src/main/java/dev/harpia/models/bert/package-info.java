/** Encoders that see a text from both sides. */
@NullMarked
package dev.harpia.models.bert;

import org.jspecify.annotations.NullMarked;
