package dev.harpia.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistDownloadTest {
  private static final String NAME = "train-images-idx3-ubyte.gz";

  private final byte[] content = new byte[300_000];
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<HttpServer> servers = new ArrayList<>();
  @TempDir Path dir;

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
  }

  @AfterEach
  void stop() {
    end.countDown();
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void fetchesVerifiesAndDoesNotFetchAgain() throws Exception {
    MnistDownload download = download(serve(this::whole));
    download.fetch(dir);
    assertThat(dir.resolve(NAME)).hasBinaryContent(content);
    assertThat(dir.resolve(NAME + ".part")).doesNotExist();
    download.fetch(dir);
    assertThat(requests).hasSize(1);
    assertThat(progress).contains(NAME + ": already there");
  }

  @Test
  void resumesAPartialFile() throws Exception {
    Files.write(dir.resolve(NAME + ".part"), Arrays.copyOf(content, 100_000));
    download(serve(this::ranged)).fetch(dir);
    assertThat(requests).containsExactly("bytes=100000-");
    assertThat(dir.resolve(NAME)).hasBinaryContent(content);
  }

  @Test
  void startsAgainWhenTheServerKnowsNoRanges() throws Exception {
    Files.write(dir.resolve(NAME + ".part"), new byte[100_000]);
    download(serve(this::whole)).fetch(dir);
    assertThat(dir.resolve(NAME)).hasBinaryContent(content);
  }

  @Test
  void goesOnAfterTheServerBrokeOff() throws Exception {
    URI broken =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(content, 0, 200_000);
              exchange.getResponseBody().flush();
              exchange.close();
            });
    download(broken, serve(this::ranged)).fetch(dir);
    assertThat(dir.resolve(NAME)).hasBinaryContent(content);
    String asked = requests.getLast();
    assertThat(asked).matches("bytes=[1-9][0-9]*-");
  }

  @Test
  void aWrongChecksumGoesToTheNextMirror() throws Exception {
    URI wrong =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(new byte[content.length]);
              exchange.close();
            });
    download(wrong, serve(this::whole)).fetch(dir);
    assertThat(dir.resolve(NAME)).hasBinaryContent(content);
    assertThatThrownBy(() -> download(wrong).fetch(dir.resolve("other")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("wrong SHA-256")
        .hasMessageContaining(sha());
    assertThat(dir.resolve("other")).isEmptyDirectory();
  }

  @Test
  void aSilentServerIsGivenUp() throws Exception {
    URI silent =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(content, 0, 70_000);
              exchange.getResponseBody().flush();
              await();
              exchange.close();
            });
    assertThatThrownBy(() -> download(silent).fetch(dir))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("(?s).*fell silent after [0-9]+ of 300000 bytes.*");
    assertThat(dir.resolve(NAME)).doesNotExist();
  }

  @Test
  void moreBytesThanTheFileHasAreRefused() throws Exception {
    URI endless =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              byte[] block = new byte[1 << 16];
              for (int i = 0; i < 20; i++) {
                exchange.getResponseBody().write(block);
              }
              exchange.close();
            });
    assertThatThrownBy(() -> download(endless).fetch(dir))
        .hasMessageContaining("sends more than the 300000 bytes of the file");
  }

  @Test
  void errorPagesAreNamed() throws Exception {
    URI missing =
        serve(
            exchange -> {
              byte[] page = "gone".getBytes(UTF_8);
              exchange.sendResponseHeaders(404, page.length);
              exchange.getResponseBody().write(page);
              exchange.close();
            });
    assertThatThrownBy(() -> download(missing).fetch(dir)).hasMessageContaining("HTTP status 404");
  }

  @Test
  void offlineIsOneClearSentence() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + closed + "/");
    assertThatThrownBy(() -> download(nobody).fetch(dir))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "MNIST download: no mirror delivered "
                + NAME
                + " (127.0.0.1: no connection). Offline? Name a directory that has the files"
                + " (--data DIR), or leave --data out to train on drawn digits");
  }

  @Test
  void theRealListIsPlausible() {
    assertThat(MnistDownload.FILES)
        .hasSize(4)
        .allMatch(file -> file.sha256().matches("[0-9a-f]{64}"));
    assertThat(MnistDownload.MIRRORS)
        .allMatch(uri -> uri.getScheme().equals("https") && uri.getPath().endsWith("/"));
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void whole(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private void ranged(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    exchange.sendResponseHeaders(206, content.length - from);
    exchange.getResponseBody().write(content, from, content.length - from);
    exchange.close();
  }

  private URI serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/mnist/",
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          requests.add(range == null ? exchange.getRequestURI().getPath() : range);
          handler.handle(exchange);
        });
    server.start();
    servers.add(server);
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mnist/");
  }

  private MnistDownload download(URI... mirrors) throws Exception {
    MnistDownload.Remote file = new MnistDownload.Remote(NAME, content.length, sha());
    return new MnistDownload(List.of(mirrors), List.of(file), Duration.ofSeconds(1), progress::add);
  }

  private String sha() throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
