package dev.harpia.models.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.plan.BackPressure;
import dev.harpia.nn.plan.Input;
import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.Plan;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelServerTest {
  private static final int WIDTH = 6;

  private final Sequential model =
      new Sequential(new Linear(WIDTH, 9), Activation.tanh(), new Linear(9, 2));
  private final Plan plan = Plan.compile(model, Shape.of(1, WIDTH));
  private final float[] x = Tensor.normal(new Rng(3), 0, 1, Shape.of(WIDTH)).toArray();

  private static ServerSettings settings(int maxBody, int concurrency) {
    return new ServerSettings(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        maxBody,
        concurrency,
        Duration.ofSeconds(20));
  }

  private ModelServer server() throws IOException {
    ModelServer server = ModelServer.of("mlp", plan.pool(2), settings(4096, 64));
    server.start();
    return server;
  }

  private float[] expected(float[] input) {
    Plan.Workspace w = plan.newWorkspace();
    w.input().copyFrom(input);
    w.run();
    return w.output().toArray();
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return b.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static String list(float[] values) {
    List<String> texts = new ArrayList<>();
    for (float v : values) {
      texts.add(Float.toString(v));
    }
    return "[" + String.join(", ", texts) + "]";
  }

  @Test
  void json_flat_and_nested_has_the_plans_bits() throws Exception {
    float[] y = expected(x);
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      for (String value : List.of(list(x), "[" + list(x) + "]")) {
        HttpResponse<String> reply =
            client.predict(
                "application/json; charset=utf-8", "{\"inputs\": {\"x\": " + value + "}}");
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(reply.headers().firstValue("Content-Type")).hasValue(Client.JSON);
        assertThat(reply.body().replaceAll("\\s", ""))
            .isEqualTo(
                "{\"outputs\":{\"y\":{\"shape\":[1,2],\"data\":[" + y[0] + "," + y[1] + "]}}}");
      }
    }
  }

  @Test
  void raw_numbers_have_the_plans_bits() throws Exception {
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      HttpResponse<byte[]> reply = client.raw(bytes(x));
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(floats(reply.body())).containsExactly(expected(x));
      assertThat(reply.headers().firstValue("Harpia-Outputs")).hasValue("y F32 [1, 2]");
    }
  }

  private record Bad(String type, String body, int status, String says) {}

  private static Stream<Bad> badRequests() {
    String six = "[1, 2, 3, 4, 5, 6]";
    return Stream.of(
        new Bad(Client.JSON, "", 400, "expected {\\\"inputs\\\": {…}}"),
        new Bad(Client.JSON, "{", 400, "JSON: "),
        new Bad(Client.JSON, "[]", 400, "expected {\\\"inputs\\\""),
        new Bad(Client.JSON, "{\"x\": " + six + "}", 400, "expected {\\\"inputs\\\""),
        new Bad(Client.JSON, "{\"inputs\": {}}", 400, "no value for x F32"),
        new Bad(Client.JSON, "{\"inputs\": {\"z\": 1}}", 400, "none is called \\\"z\\\""),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [1, 2]}}", 400, "a number for x"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [1,2,3,4,5,6,7]}}", 400, "found more"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": 1}}", 400, "lists of shape [1, 6]"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [[1,2,3]]}}", 400, "a number for x"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [" + six + "," + six + "]}}", 400, "[1, 6]"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [[1,2,3,4,5,[6]]]}}", 400, "a number"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [1,2,3,4,5,\"6\"]}}", 400, "a number"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [1,2,3,4,5,NaN]}}", 400, "line 1, column"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": [1,2,3,4,5,1e99]}}", 400, "range of 32-bit"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": " + six + "}, \"y\": 1}", 400, "nothing but"),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": " + six + "}} 1", 400, "nothing but"),
        new Bad(
            Client.JSON,
            "{\"inputs\": {\"x\": " + six + ", \"x\": " + six + "}}",
            400,
            "Duplicate"),
        new Bad(Client.JSON, "[".repeat(3000), 400, "expected {\\\"inputs\\\""),
        new Bad(Client.JSON, "{\"inputs\": {\"x\": " + "[".repeat(3000), 400, "JSON"),
        new Bad(Client.JSON, "\u0000\u00ff\u00fe", 400, "JSON"),
        new Bad(Client.JSON, " ".repeat(4097), 413, "4096 bytes"),
        new Bad(Client.RAW, "", 400, "a body of 0 bytes: the inputs, x F32 [1, 6], have 24"),
        new Bad(Client.RAW, "1234567", 400, "a body of 7 bytes"),
        new Bad(Client.RAW, "1".repeat(25), 400, "a body of 25 bytes"),
        new Bad(Client.RAW, "1".repeat(5000), 413, "4096 bytes"),
        new Bad("text/plain", six, 415, "must be application/json or application/octet-stream"));
  }

  @Test
  void bad_requests_are_told_what_is_wrong_and_the_server_goes_on() throws Exception {
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      for (Bad bad : badRequests().toList()) {
        HttpResponse<String> reply = client.predict(bad.type, bad.body);
        String what = bad + " " + reply.body();
        assertThat(reply.statusCode()).as(what).isEqualTo(bad.status);
        assertThat(reply.body()).as(what).startsWith("{\"error\":\"").contains(bad.says);
      }
      assertThat(client.raw(bytes(x)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_body_of_unknown_length_is_cut_off_at_the_limit() throws Exception {
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      HttpResponse<String> reply =
          client.send(
              client
                  .request("/predict")
                  .header("Content-Type", Client.RAW)
                  .POST(
                      BodyPublishers.ofInputStream(
                          () -> new java.io.ByteArrayInputStream(new byte[6000])))
                  .build());
      assertThat(reply.statusCode()).isEqualTo(413);
    }
  }

  @Test
  void other_paths_and_methods_are_refused() throws Exception {
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      assertThat(client.get("/nowhere").statusCode()).isEqualTo(404);
      HttpResponse<String> get = client.get("/predict");
      assertThat(get.statusCode()).isEqualTo(405);
      assertThat(get.headers().firstValue("Allow")).hasValue("POST");
      HttpResponse<String> delete = client.send(client.request("/health").DELETE().build());
      assertThat(delete.statusCode()).isEqualTo(405);
      assertThat(client.send(client.request("/health").HEAD().build()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void it_describes_itself_and_its_figures() throws Exception {
    try (ModelServer server = server();
        Client client = Client.of(server)) {
      assertThat(client.get("/").body())
          .isEqualTo(
              "{\"model\":\"mlp\",\"inputs\":{\"x\":{\"type\":\"F32\",\"shape\":[1,6]}},"
                  + "\"outputs\":{\"y\":{\"type\":\"F32\",\"shape\":[1,2]}}}");
      assertThat(client.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
      client.raw(bytes(x));
      client.raw(bytes(x));
      client.raw(new byte[3]);
      String text = client.get("/metrics").body();
      assertThat(text)
          .contains("# TYPE harpia_requests_total counter\n")
          .contains("harpia_requests_total{status=\"200\"} 2\n")
          .contains("harpia_requests_total{status=\"400\"} 1\n")
          .contains("harpia_request_seconds_bucket{le=\"+Inf\"} 3\n")
          .contains("harpia_request_seconds_count 3\n")
          .containsPattern("harpia_requests_running [01]\n")
          .contains("harpia_workspaces 2\n")
          .containsPattern("harpia_offheap_bytes [1-9][0-9]+\n");
      assertThat(text.lines())
          .allMatch(l -> l.startsWith("# ") || l.matches("[a-z_]+(\\{[^}]*\\})? [0-9.E-]+"));
    }
  }

  private static Plan gated(GateOp gate) {
    return Plan.compile(
        in -> Map.of("y", Tensor.apply(gate, in.values().iterator().next())), Input.f32("x", 1, 2));
  }

  @Test
  void too_many_requests_are_refused() throws Exception {
    GateOp gate = new GateOp();
    Plan slow = gated(gate);
    try (ModelServer server = ModelServer.of("gate", slow.pool(4), settings(4096, 1));
        Client client = Client.of(server)) {
      server.start();
      gate.closed = true;
      CompletableFuture<HttpResponse<byte[]>> first = async(client, new float[] {1, 2});
      gate.arrived.acquire();
      HttpResponse<String> second = client.predict(Client.RAW, "12345678");
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(second.body()).contains("1 other requests");
      gate.go.release();
      assertThat(floats(first.get().body())).containsExactly(1, 2);
    }
  }

  @Test
  void a_busy_pool_is_503() throws Exception {
    GateOp gate = new GateOp();
    Plan slow = gated(gate);
    try (ModelServer server =
            ModelServer.of("gate", slow.pool(1, BackPressure.rejecting()), settings(4096, 9));
        Client client = Client.of(server)) {
      server.start();
      gate.closed = true;
      CompletableFuture<HttpResponse<byte[]>> first = async(client, new float[] {1, 2});
      gate.arrived.acquire();
      HttpResponse<String> second = client.predict(Client.RAW, "12345678");
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.body()).contains("all workspaces are in use");
      gate.go.release();
      assertThat(first.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_failing_model_is_500_without_its_secrets() throws Exception {
    GateOp gate = new GateOp();
    Plan failing = gated(gate);
    try (ModelServer server = ModelServer.of("gate", failing.pool(1), settings(4096, 9));
        Client client = Client.of(server)) {
      server.start();
      gate.fail = true;
      HttpResponse<String> reply = client.predict(Client.RAW, "12345678");
      assertThat(reply.statusCode()).isEqualTo(500);
      assertThat(reply.body()).contains("log").doesNotContain("secret");
      gate.fail = false;
      assertThat(client.raw(bytes(new float[] {3, 4})).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void draining_answers_who_is_in_and_refuses_others() throws Exception {
    GateOp gate = new GateOp();
    Plan slow = gated(gate);
    ModelServer server = ModelServer.of("gate", slow.pool(1), settings(4096, 9));
    server.start();
    try (Client client = Client.of(server)) {
      gate.closed = true;
      CompletableFuture<HttpResponse<byte[]>> in = async(client, new float[] {5, 6});
      gate.arrived.acquire();
      CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(server::drain);
      while (client.get("/health").statusCode() != 503) {
        Thread.onSpinWait();
      }
      assertThat(client.predict(Client.RAW, "12345678").body()).contains("the server is ending");
      gate.go.release();
      assertThat(floats(in.get().body())).containsExactly(5, 6);
      assertThat(drained.get()).isTrue();
      assertThatThrownBy(() -> client.get("/health")).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void requests_are_gathered_into_batches() throws Exception {
    MicroBatcher batcher =
        MicroBatcher.of(model, Shape.of(WIDTH), 8, Duration.ofHours(1)); // only full ones run
    try (ModelServer server =
            ModelServer.of(
                "mlp",
                batcher,
                Port.of("x", plan.newWorkspace().input()),
                Port.of("y", plan.newWorkspace().output()),
                settings(4096, 64));
        Client client = Client.of(server)) {
      server.start();
      List<CompletableFuture<HttpResponse<byte[]>>> replies = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        replies.add(async(client, Tensor.full(i, WIDTH).toArray()));
      }
      for (int i = 0; i < 16; i++) {
        assertThat(floats(replies.get(i).get().body()))
            .containsExactly(
                expected(Tensor.full(i, WIDTH).toArray()),
                org.assertj.core.data.Offset.offset(1e-5f));
      }
      assertThat(client.get("/metrics").body())
          .contains("harpia_batches_total 2\n")
          .contains("harpia_batched_requests_total 16\n");
    }
  }

  private static CompletableFuture<HttpResponse<byte[]>> async(Client client, float[] input) {
    return client
        .http()
        .sendAsync(
            client
                .request("/predict")
                .header("Content-Type", Client.RAW)
                .POST(BodyPublishers.ofByteArray(bytes(input)))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
