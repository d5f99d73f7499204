/** Tokenizers, decoder-only transformers, and text made with them. */
@NullMarked
package dev.harpia.models.transformer;

import org.jspecify.annotations.NullMarked;
