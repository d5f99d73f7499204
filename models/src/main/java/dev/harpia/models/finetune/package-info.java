/** The fine-tuning lab: a small language model learns a style through low-rank adapters. */
@NullMarked
package dev.harpia.models.finetune;

import org.jspecify.annotations.NullMarked;
