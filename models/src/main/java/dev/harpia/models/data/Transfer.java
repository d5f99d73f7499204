package dev.harpia.models.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One file over HTTP, continued from where an earlier attempt stopped. A server that does not know
 * ranges sends the whole file; one that falls silent in the middle is given up after the time
 * limit.
 */
final class Transfer {
  private static final long REPORT_NANOS = 1_000_000_000L;

  private final URI source;
  private final Path part;
  private final long size;
  private final Duration patience;
  private final Consumer<String> progress;

  /**
   * Describes the transfer.
   *
   * @param part the partial file: continued if it is there
   * @param size the bytes that the whole file has
   * @param progress told at most one line a second
   */
  Transfer(URI source, Path part, long size, Duration patience, Consumer<String> progress) {
    this.source = source;
    this.part = part;
    this.size = size;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Fetches what is missing.
   *
   * @throws IOException if the server does not deliver
   * @throws UncheckedIOException if the file cannot be written here
   */
  void run() throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have > size) {
      Files.delete(part);
      have = 0;
    }
    if (have == size) {
      return;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(patience);
      if (have > 0) {
        request.header("Range", "bytes=" + have + "-");
      }
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        receive(body, start(response, have));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      client.shutdownNow();
    }
  }

  /** From which byte on the answer goes. */
  private static long start(HttpResponse<?> response, long asked) throws IOException {
    int status = response.statusCode();
    if (status == 206) {
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (range.startsWith("bytes " + asked + "-")) {
        return asked;
      }
      throw new IOException(
          "asked for bytes from " + asked + ", got Content-Range '" + range + "'");
    }
    if (status == 200) {
      return 0;
    }
    throw new IOException("HTTP status " + status);
  }

  private void receive(InputStream body, long from) throws IOException {
    AtomicLong lastByte = new AtomicLong(System.nanoTime());
    Thread watch = Thread.ofVirtual().start(() -> watch(body, lastByte));
    try (FileChannel out = openPart(from)) {
      byte[] buffer = new byte[1 << 16];
      long at = from;
      long reported = System.nanoTime();
      for (int n = read(body, buffer, lastByte, at); n >= 0; n = read(body, buffer, lastByte, at)) {
        at += n;
        if (at > size) {
          throw new IOException("sends more than the " + size + " bytes of the file");
        }
        write(out, ByteBuffer.wrap(buffer, 0, n));
        long now = System.nanoTime();
        lastByte.set(now);
        if (now - reported > REPORT_NANOS) {
          reported = now;
          progress.accept(
              String.format(
                  Locale.ROOT,
                  "%s: %d %% of %.1f MB",
                  part.getFileName(),
                  100 * at / size,
                  size / 1e6));
        }
      }
      if (at < size) {
        throw new IOException(
            "stopped after " + at + " of " + size + " bytes; the next attempt goes on from there");
      }
    } finally {
      watch.interrupt();
    }
  }

  private int read(InputStream body, byte[] buffer, AtomicLong lastByte, long at)
      throws IOException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      boolean silent = System.nanoTime() - lastByte.get() >= patience.toNanos();
      String what = silent ? "fell silent" : "broke off";
      throw new IOException(
          what + " after " + at + " of " + size + " bytes; the next attempt goes on from there", e);
    }
  }

  /**
   * Closes the body once nothing has come for too long: reading it has no time limit of its own.
   */
  private void watch(InputStream body, AtomicLong lastByte) {
    try {
      long left = patience.toNanos();
      while (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
        left = patience.toNanos() - (System.nanoTime() - lastByte.get());
      }
      body.close();
    } catch (InterruptedException | IOException e) {
      // the transfer has ended
    }
  }

  private FileChannel openPart(long from) {
    try {
      FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      out.truncate(from);
      out.position(from);
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(part + ": cannot be opened: " + e.getMessage(), e));
    }
  }

  private void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException(part + ": cannot be written: " + e.getMessage(), e));
    }
  }
}
