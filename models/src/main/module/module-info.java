/** Networks, runnable labs and the command line. */
module dev.harpia.models {
  requires dev.harpia.nn;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires java.net.http;
  requires jdk.httpserver;
  requires jdk.management;
  requires xchart;
  requires static org.jspecify;

  opens dev.harpia.models.cli to
      info.picocli;
}
