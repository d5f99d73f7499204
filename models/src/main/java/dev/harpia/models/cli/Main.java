package dev.harpia.models.cli;

import dev.harpia.models.run.Machine;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code harpia} command. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. What
 * goes wrong is one line on the error stream; {@code --debug} adds the stack trace.
 */
@Command(
    name = "harpia",
    description = "Deep learning on the JVM, without JNI.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DoctorCommand.class,
      LabCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      DetectCommand.class,
      GenerateCommand.class,
      ExportCommand.class,
      RunCommand.class,
      ServeCommand.class,
      BenchCommand.class
    })
public final class Main implements Runnable {
  private static final String DEBUG = "--debug";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = DEBUG,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true"); // pictures need no display
    System.exit(run(args, writer(System.out), writer(System.err)));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  /** Runs the command line with its output going to two writers, and returns the exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    boolean trace = Arrays.asList(args).contains(DEBUG);
    CommandLine line =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((e, words) -> usage(e, err, trace))
            .setExecutionExceptionHandler(
                (e, command, parsed) ->
                    failed(e, command.getCommandSpec().qualifiedName(), err, trace));
    try {
      return line.execute(args);
    } catch (LinkageError | OutOfMemoryError e) { // the handlers see exceptions only
      return failed(e, "harpia", err, trace);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  private static int usage(ParameterException e, PrintWriter err, boolean trace) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String said = Errors.oneLine(e).replace("option option", "option"); // so picocli says of maps
    err.println(command + ": " + said + " (see " + command + " --help)");
    if (trace) {
      e.printStackTrace(err);
    }
    return 2;
  }

  private static int failed(Throwable e, String command, PrintWriter err, boolean trace) {
    err.println(command + ": " + Errors.oneLine(e));
    if (trace) {
      e.printStackTrace(err);
    }
    return 1;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"harpia " + Machine.version()};
    }
  }
}
