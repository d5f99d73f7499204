package dev.harpia.models.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.PoolBusyException;
import dev.harpia.nn.plan.WorkspacePool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A model behind HTTP, a virtual thread for each request.
 *
 * <ul>
 *   <li>{@code POST /predict}: {@code application/json} or raw numbers, {@code
 *       application/octet-stream}; the answer is of the same kind
 *   <li>{@code GET /}: the model's inputs and outputs
 *   <li>{@code GET /health}: 200, or 503 once it is ending
 *   <li>{@code GET /metrics}: figures for Prometheus
 * </ul>
 */
public final class ModelServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.harpia.serve");
  private static final String JSON = "application/json";
  private static final String RAW = "application/octet-stream";
  private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";

  private final String name;
  private final Predictor predictor;
  private final ServerSettings settings;
  private final ServerMetrics metrics = new ServerMetrics();
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean ending;

  private ModelServer(String name, Predictor predictor, ServerSettings settings)
      throws IOException {
    this.name = name;
    this.predictor = predictor;
    this.settings = settings;
    http = HttpServer.create(settings.address(), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
  }

  /** A model whose requests run one by one, each in a workspace of a pool. */
  public static ModelServer of(String name, WorkspacePool pool, ServerSettings settings)
      throws IOException {
    return new ModelServer(name, new PooledPredictor(pool), settings);
  }

  /**
   * A model whose requests are gathered into batches.
   *
   * @param input the model's input for one item
   * @param output the model's output for one item
   */
  public static ModelServer of(
      String name, MicroBatcher batcher, Port input, Port output, ServerSettings settings)
      throws IOException {
    return new ModelServer(name, new BatchedPredictor(batcher, input, output), settings);
  }

  /** Begins to answer. */
  public void start() {
    http.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      String path = String.valueOf(exchange.getRequestURI().getPath());
      switch (path) {
        case "/predict" -> predict(exchange);
        case "/" -> get(exchange, 200, JSON, this::description);
        case "/health" ->
            get(
                exchange,
                ending ? 503 : 200,
                JSON,
                () -> JsonReply.text("status", ending ? "ending" : "ok"));
        case "/metrics" ->
            get(
                exchange,
                200,
                PLAIN,
                () -> metrics.text(predictor).getBytes(StandardCharsets.UTF_8));
        default -> fault(exchange, 404, "there are /, /predict, /health and /metrics");
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the client went away", e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a request failed", e);
    }
  }

  private byte[] description() {
    return JsonReply.model(name, predictor.inputs(), predictor.outputs());
  }

  private interface Body {
    byte[] bytes();
  }

  private static void get(HttpExchange exchange, int status, String type, Body body)
      throws IOException {
    String method = exchange.getRequestMethod();
    if (method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, -1);
    } else if (method.equals("GET")) {
      reply(exchange, status, type, body.bytes());
    } else {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      fault(exchange, 405, "GET is wanted");
    }
  }

  private void predict(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    int others = metrics.enter() - 1;
    try {
      Answer answer = answer(exchange, others);
      metrics.answered(answer.status, System.nanoTime() - start);
      reply(exchange, answer.status, answer.type, answer.body);
    } finally {
      metrics.leave();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; two answers are never compared
  private record Answer(int status, String type, byte[] body) {
    static Answer fault(int status, String text) {
      return new Answer(status, JSON, JsonReply.text("error", text));
    }
  }

  private Answer answer(HttpExchange exchange, int others) throws IOException {
    try {
      if (ending || others >= settings.concurrency()) {
        throw new HttpFault(
            503, ending ? "the server is ending" : others + " other requests are being answered");
      }
      boolean raw = raw(exchange);
      byte[] body = body(exchange);
      byte[] in = raw ? checked(body) : JsonRequest.read(body, predictor.inputs());
      byte[] out = predictor.predict(in);
      if (raw) {
        exchange.getResponseHeaders().set("Harpia-Outputs", shapes(predictor.outputs()));
        return new Answer(200, RAW, out);
      }
      return new Answer(200, JSON, JsonReply.outputs(predictor.outputs(), out));
    } catch (HttpFault e) {
      if (e.status() == 503) {
        exchange.getResponseHeaders().set("Retry-After", "1");
      }
      return Answer.fault(e.status(), e.text());
    } catch (PoolBusyException e) {
      exchange.getResponseHeaders().set("Retry-After", "1");
      return Answer.fault(503, "all workspaces are in use");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a prediction failed", e);
      return Answer.fault(500, "the prediction failed; the server's log says why");
    }
  }

  /** Whether the body is raw numbers, not JSON. */
  private static boolean raw(HttpExchange exchange) throws HttpFault {
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      throw new HttpFault(405, "POST is wanted");
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (plain) {
      case RAW -> true;
      case JSON -> false;
      default ->
          throw new HttpFault(
              415, "Content-Type \"" + plain + "\": must be " + JSON + " or " + RAW);
    };
  }

  /** The body, of which no more is read than is allowed. */
  private byte[] body(HttpExchange exchange) throws IOException, HttpFault {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    int most = settings.maxBody();
    if (length != null && length.length() > 10 || length != null && Long.parseLong(length) > most) {
      throw tooLarge();
    }
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(most);
    if (body.length == most && in.read() >= 0) {
      throw tooLarge();
    }
    return body;
  }

  private HttpFault tooLarge() {
    return new HttpFault(413, "the body may have " + settings.maxBody() + " bytes");
  }

  private byte[] checked(byte[] body) throws HttpFault {
    int wanted = Predictor.bytes(predictor.inputs());
    if (body.length != wanted) {
      throw new HttpFault(
          400,
          "a body of "
              + body.length
              + " bytes: the inputs, "
              + shapes(predictor.inputs())
              + ", have "
              + wanted);
    }
    return body;
  }

  private static String shapes(List<Port> ports) {
    return ports.stream()
        .map(p -> p.name() + " " + p.type() + " " + p.shape())
        .collect(Collectors.joining("; "));
  }

  private static void fault(HttpExchange exchange, int status, String text) throws IOException {
    reply(exchange, status, JSON, JsonReply.text("error", text));
  }

  private static void reply(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) { // closing sends what is buffered
      out.write(body);
    }
  }

  /**
   * Ends: refuses new predictions, waits until those that are in are answered, at most for the time
   * in the settings, and stops listening.
   *
   * @return whether all were answered
   */
  public boolean drain() {
    ending = true;
    long deadline = System.nanoTime() + settings.drain().toNanos();
    boolean interrupted = false;
    while (metrics.running() > 0 && System.nanoTime() < deadline && !interrupted) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    boolean done = metrics.running() == 0;
    http.stop(0);
    threads.shutdownNow();
    predictor.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return done;
  }

  @Override
  public void close() {
    drain();
  }
}
