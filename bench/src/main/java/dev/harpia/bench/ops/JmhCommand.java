package dev.harpia.bench.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Everything that JMH knows, with JMH's own options. */
@Command(
    name = "jmh",
    description = "Hands all arguments to JMH: harpia bench jmh -l, harpia bench jmh -h.")
public final class JmhCommand implements Callable<Integer> {
  @Unmatched private List<String> arguments = new ArrayList<>();

  /** For the command line. */
  public JmhCommand() {}

  @Override
  public Integer call() throws Exception {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
