package dev.harpia.nn.io.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A setting of a node; which of the fields holds it is the operator's business. */
record OnnxAttribute(
    String name,
    float f,
    long i,
    String s,
    @Nullable OnnxTensor tensor,
    @Nullable OnnxGraph graph,
    float[] floats,
    long[] ints,
    List<String> strings) {}
