/** Layers, optimizers, data, training, plans and file formats. */
module dev.harpia.nn {
  requires transitive dev.harpia.simd;
  requires java.desktop; // ImageIO
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;
  requires de.siegmar.fastcsv;
  requires java.management;
  requires jdk.jfr;
  requires jdk.management;
  requires static org.jspecify;

  exports dev.harpia.nn;
  exports dev.harpia.nn.data;
  exports dev.harpia.nn.io;
  exports dev.harpia.nn.io.onnx;
  exports dev.harpia.nn.optim;
  exports dev.harpia.nn.plan;
  exports dev.harpia.nn.train;
}
