/** Networks, runnable labs and the command line. */
module dev.harpia.models {
  requires transitive dev.harpia.nn;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires java.net.http;
  requires jdk.httpserver;
  requires jdk.management;
  requires xchart;
  requires static org.jspecify;

  exports dev.harpia.models.bert;
  exports dev.harpia.models.cnn;
  exports dev.harpia.models.data;
  exports dev.harpia.models.diffusion;
  exports dev.harpia.models.faces;
  exports dev.harpia.models.finetune;
  exports dev.harpia.models.forecast;
  exports dev.harpia.models.gan;
  exports dev.harpia.models.generative;
  exports dev.harpia.models.hub;
  exports dev.harpia.models.music;
  exports dev.harpia.models.onnx;
  exports dev.harpia.models.perceptron;
  exports dev.harpia.models.picture;
  exports dev.harpia.models.report;
  exports dev.harpia.models.rl;
  exports dev.harpia.models.rnn;
  exports dev.harpia.models.run;
  exports dev.harpia.models.seq2seq;
  exports dev.harpia.models.serve;
  exports dev.harpia.models.transformer;
  exports dev.harpia.models.vae;

  opens dev.harpia.models.cli to
      info.picocli;
}
