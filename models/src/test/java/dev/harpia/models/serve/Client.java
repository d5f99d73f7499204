package dev.harpia.models.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Talks to a server under test. */
record Client(InetSocketAddress address, HttpClient http) implements AutoCloseable {
  static final String JSON = "application/json";
  static final String RAW = "application/octet-stream";

  static Client of(ModelServer server) {
    return new Client(server.address(), HttpClient.newHttpClient());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  HttpResponse<String> predict(String type, String body) throws IOException, InterruptedException {
    return send(
        request("/predict")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.ISO_8859_1)))
            .build());
  }

  HttpResponse<byte[]> raw(byte[] body) throws IOException, InterruptedException {
    return http.send(
        request("/predict")
            .header("Content-Type", RAW)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    http.close();
  }
}
