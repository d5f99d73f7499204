package dev.harpia.nn;

import dev.harpia.tensor.Tensor;

/** A tensor that training changes, under the name that it has in checkpoints. */
public record Parameter(String name, Tensor value) {}
