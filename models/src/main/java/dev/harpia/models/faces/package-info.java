/** Facial detection, how it treats groups of people, and the debiasing autoencoder. */
@NullMarked
package dev.harpia.models.faces;

import org.jspecify.annotations.NullMarked;
