package dev.harpia.bench.suite;

import dev.harpia.bench.harpia.HarpiaEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The engines of this build: Harpia, and the peers if they were built in. */
final class Engines {
  static final List<String> PEERS = List.of("pytorch", "onnxruntime", "djl", "dl4j");

  private static final String BUILD =
      "the peers are not part of this build. Build them in with%n"
          + "  mvn -B -Pquick,peers -pl bench -am package%n"
          + "(downloads about 250 MB once; later builds by ./harpia bench keep them)";

  private Engines() {}

  static List<Engine> all() {
    List<Engine> all = new ArrayList<>();
    all.add(new HarpiaEngine());
    ServiceLoader.load(Engine.class).forEach(all::add);
    return all;
  }

  static Engine named(String name) {
    return all().stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(() -> missing(name));
  }

  /** Harpia first, then the peers that the user asked for: a name, {@code all} or {@code none}. */
  static List<Engine> chosen(String peer) {
    List<Engine> all = all();
    switch (peer) {
      case "none" -> {
        return all.subList(0, 1);
      }
      case "all" -> {
        if (all.size() == 1) {
          throw new IllegalStateException(BUILD.formatted());
        }
        return all;
      }
      default -> {
        return List.of(all.getFirst(), named(peer));
      }
    }
  }

  private static RuntimeException missing(String name) {
    if (!PEERS.contains(name)) {
      return new IllegalArgumentException(
          "--peer " + name + ": must be one of " + PEERS + ", all or none");
    }
    if (name.equals("dl4j")) {
      return new IllegalStateException(
          "no engine for dl4j is part of this build: nobody has written one. DL4J 1.0.0-M2.1 runs"
              + " on JDK 25, but wants JavaCPP 1.5.7 where LibTorch's bindings want 1.5.12");
    }
    if (all().size() > 1) {
      return new IllegalStateException("no engine for " + name + " is part of this build");
    }
    return new IllegalStateException(BUILD.formatted());
  }
}
