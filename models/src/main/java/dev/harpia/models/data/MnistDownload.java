package dev.harpia.models.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Fetches the four MNIST files into a directory: from the first mirror that answers, resuming a
 * file that was cut off, and giving a file its name only when its SHA-256 is right. Files that are
 * already there and right are not fetched again.
 */
public final class MnistDownload {
  /** Where MNIST is kept for everyone. */
  static final List<URI> MIRRORS =
      List.of(
          URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
          URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"));

  /** A file with its size and check sum. */
  record Remote(String name, long size, String sha256) {}

  static final List<Remote> FILES =
      List.of(
          new Remote(
              "train-images-idx3-ubyte.gz",
              9_912_422,
              "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
          new Remote(
              "train-labels-idx1-ubyte.gz",
              28_881,
              "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
          new Remote(
              "t10k-images-idx3-ubyte.gz",
              1_648_877,
              "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
          new Remote(
              "t10k-labels-idx1-ubyte.gz",
              4_542,
              "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

  private final List<URI> mirrors;
  private final List<Remote> files;
  private final Duration patience;
  private final Consumer<String> progress;

  MnistDownload(
      List<URI> mirrors, List<Remote> files, Duration patience, Consumer<String> progress) {
    this.mirrors = List.copyOf(mirrors);
    this.files = List.copyOf(files);
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Sees to it that the four files are in {@code directory}.
   *
   * @param progress told one line now and then
   */
  public static void into(Path directory, Consumer<String> progress) throws IOException {
    new MnistDownload(MIRRORS, FILES, Duration.ofSeconds(20), progress).fetch(directory);
  }

  void fetch(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Remote file : files) {
      Path target = directory.resolve(file.name());
      if (Files.isRegularFile(target) && sha256(target).equals(file.sha256())) {
        progress.accept(file.name() + ": already there");
        continue;
      }
      fetch(file, target);
    }
  }

  private void fetch(Remote file, Path target) throws IOException {
    Path part = target.resolveSibling(file.name() + ".part");
    List<String> reasons = new ArrayList<>();
    for (URI mirror : mirrors) {
      try {
        new Transfer(mirror.resolve(file.name()), part, file.size(), patience, progress).run();
        String found = sha256(part);
        if (found.equals(file.sha256())) {
          Files.move(
              part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          progress.accept(file.name() + ": complete, checksum right");
          return;
        }
        Files.delete(part);
        reasons.add(mirror.getHost() + ": wrong SHA-256 " + found + ", expected " + file.sha256());
      } catch (IOException e) {
        reasons.add(mirror.getHost() + ": " + reason(e));
      } catch (UncheckedIOException e) {
        throw e.getCause(); // our own disk: another mirror would not help
      }
      progress.accept(reasons.getLast());
    }
    throw new IOException(
        "MNIST download: no mirror delivered "
            + file.name()
            + " ("
            + String.join("; ", reasons)
            + "). Offline? Name a directory that has the files (--data DIR), or leave --data out"
            + " to train on drawn digits");
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return switch (e) {
      case HttpConnectTimeoutException timeout -> "no connection within the time limit";
      case HttpTimeoutException timeout -> "no answer within the time limit";
      case ConnectException refused when message == null -> "no connection";
      default -> message == null ? e.getClass().getSimpleName() : message;
    };
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
