package dev.harpia.models.cli;

import dev.harpia.models.run.JsonLine;
import dev.harpia.models.serve.ModelFile;
import dev.harpia.models.serve.ModelServer;
import dev.harpia.models.serve.Port;
import dev.harpia.models.serve.ServerSettings;
import dev.harpia.nn.plan.BackPressure;
import dev.harpia.nn.plan.MicroBatcher;
import dev.harpia.nn.plan.Plan;
import dev.harpia.nn.plan.WorkspacePool;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harpia serve}: a model behind HTTP. */
@Command(
    name = "serve",
    description = {
      "Serves a model over HTTP: POST /predict (JSON or raw numbers), GET / (inputs and outputs),"
          + " /health, /metrics. Ends on SIGTERM when the requests that are in have been answered.",
      "MODEL is .onnx, or the .safetensors that a lab saved."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "The model.")
  private Path model = Path.of("");

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "Where to listen (default 127.0.0.1: this machine alone).")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "N", description = "Default 8080; 0 is any free one.")
  private int port = 8080;

  @Option(
      names = "--shape",
      paramLabel = "NAME=D,D,…",
      description = "The shape of an input (default: the file's, 1 where it varies).")
  private Map<String, String> shapes = new LinkedHashMap<>();

  @Option(
      names = "--fix",
      paramLabel = "NAME=V,V,…",
      description = "An input of whole numbers that is always the same: it decides shapes.")
  private Map<String, String> fixed = new LinkedHashMap<>();

  @Option(
      names = "--workspaces",
      paramLabel = "N",
      description = "Requests computed at a time (default: processors).")
  private int workspaces = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--patience",
      paramLabel = "MS",
      description = "How long a request waits for a workspace (default 1000).")
  private int patience = 1000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Gather up to N requests of one item each into a batch (default 1: do not).")
  private int batch = 1;

  @Option(
      names = "--delay",
      paramLabel = "US",
      description = "How long a batch waits for more requests (default 500).")
  private int delay = 500;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "Larger requests are refused (default: room for the inputs as JSON).")
  private int maxBody;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "More requests at a time are refused (default 256).")
  private int concurrency = 256;

  @Option(
      names = "--drain",
      paramLabel = "S",
      description = "How long requests may take after SIGTERM (default 30).")
  private int drain = 30;

  @Option(names = "--json", description = "Say where it listens as one line of JSON.")
  private boolean json;

  ServeCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ModelServer server;
    try {
      server = server();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Errors.oneLine(e), e);
    } catch (BindException e) {
      throw new IOException(
          "--host " + host + ", --port " + port + ": cannot listen there: " + e.getMessage(), e);
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              server.drain();
              ended.countDown();
            },
            "harpia-drain");
    Runtime.getRuntime().addShutdownHook(hook);
    server.start();
    PrintWriter out = spec.commandLine().getOut();
    String url = "http://" + host + ":" + server.address().getPort() + "/";
    out.println(
        json
            ? new JsonLine().put("model", model.toString()).put("url", url).toString()
            : model + " on " + url);
    out.flush();
    ended.await();
    return 0;
  }

  private ModelServer server() throws IOException {
    if (port < 0 || port > 65535 || batch < 1 || delay < 0 || patience < 0 || maxBody < 0) {
      throw new IllegalArgumentException(
          "--port must be from 0 to 65535, --batch at least 1, the others not negative");
    }
    // Slow clients hold no connection for ever; read once by the JDK's server.
    System.setProperty("sun.net.httpserver.maxReqTime", "60");
    System.setProperty("sun.net.httpserver.maxRspTime", "60");
    ModelFile file = ModelFile.load(model);
    Map<String, Shape> wanted = new HashMap<>();
    shapes.forEach((name, text) -> wanted.put(name, Shape.of(numbers("--shape", text))));
    Map<String, Tensor> constants = new HashMap<>();
    fixed.forEach((name, text) -> constants.put(name, constant(file, name, text)));
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("--host: " + host + ": no such host");
    }
    Plan plan = file.compile(wanted, constants);
    Plan.Workspace w = plan.newWorkspace();
    long numbers = plan.inputs().stream().mapToLong(n -> w.input(n).size()).sum();
    int room = maxBody > 0 ? maxBody : (int) Math.min(1 << 30, 65_536 + 32 * numbers);
    ServerSettings settings =
        new ServerSettings(address, room, concurrency, Duration.ofSeconds(drain));
    String name = String.valueOf(model.getFileName());
    if (batch == 1) {
      BackPressure policy = BackPressure.waiting(Duration.ofMillis(patience));
      WorkspacePool pool = plan.pool(workspaces, policy);
      warmUp(plan);
      return ModelServer.of(name, pool, settings);
    }
    if (plan.inputs().size() != 1 || plan.outputs().size() != 1) {
      throw new IllegalArgumentException("--batch: for models of one input and one output");
    }
    String input = plan.inputs().getFirst();
    String output = plan.outputs().getFirst();
    MicroBatcher batcher =
        MicroBatcher.of(
            n -> compile(file, input, w.input().shape().with(0, n), constants),
            Duration.ofNanos(1000L * delay),
            MicroBatcher.sizes(batch));
    warmUp(plan);
    return ModelServer.of(
        name, batcher, Port.of(input, w.input()), Port.of(output, w.output()), settings);
  }

  private void warmUp(Plan plan) {
    if (!json) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(model + ": warming up");
      err.flush();
    }
    plan.warmup();
  }

  private static Plan compile(
      ModelFile file, String input, Shape shape, Map<String, Tensor> constants) {
    try {
      return file.compile(Map.of(input, shape), constants);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor constant(ModelFile file, String name, String text) {
    int[] values = numbers("--fix", text);
    List<Port> ports = file.inputs().stream().filter(p -> p.name().equals(name)).toList();
    if (!ports.isEmpty() && ports.getFirst().type() != DType.I32) {
      throw new IllegalArgumentException("--fix: " + name + ": only whole numbers can be fixed");
    }
    Shape shape = ports.isEmpty() ? Shape.of(values.length) : ports.getFirst().shape();
    return Tensor.of(values, shape.size() == values.length ? shape : Shape.of(values.length));
  }

  private static int[] numbers(String option, String text) {
    try {
      return Stream.of(text.split(",", -1)).mapToInt(s -> Integer.parseInt(s.strip())).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + ": " + text + ": whole numbers with commas", e);
    }
  }
}
