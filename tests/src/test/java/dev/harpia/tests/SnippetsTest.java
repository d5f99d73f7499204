package dev.harpia.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every Java snippet of the pages for users compiles, and those that are statements run. */
class SnippetsTest {
  private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS =
      """
      import dev.harpia.nn.*;
      import dev.harpia.nn.data.*;
      import dev.harpia.nn.io.*;
      import dev.harpia.nn.optim.*;
      import dev.harpia.nn.plan.*;
      import dev.harpia.nn.train.*;
      import dev.harpia.tensor.*;
      import java.nio.file.*;
      import java.util.*;
      """;

  @TempDir Path folder;

  /** A page's snippet, with where it stands. */
  private record Snippet(String page, int number, String code) {}

  @TestFactory
  Stream<DynamicTest> snippets_compile_and_run() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path page : pages()) {
      Matcher m = SNIPPET.matcher(Files.readString(page));
      for (int n = 1; m.find(); n++) {
        snippets.add(new Snippet(page.getFileName().toString(), n, m.group(1)));
      }
    }
    assertThat(snippets).as("the README has snippets").hasSizeGreaterThan(3);
    return snippets.stream()
        .map(s -> DynamicTest.dynamicTest(s.page + " " + s.number, () -> compileAndRun(s)));
  }

  private static List<Path> pages() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("CONTRIBUTING.md"))) {
      root = root.getParent();
    }
    List<Path> pages = new ArrayList<>();
    pages.add(root.resolve("README.md"));
    pages.add(root.resolve("CONTRIBUTING.md"));
    try (Stream<Path> guides = Files.list(root.resolve("docs/guides"))) {
      guides.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private void compileAndRun(Snippet s) throws Exception {
    boolean type =
        Pattern.compile("^(final |public )*(class|record|interface) ", Pattern.MULTILINE)
            .matcher(s.code)
            .find();
    String name = "Snippet" + s.number;
    String source =
        type
            ? IMPORTS
                + s.code
                + "\npublic final class "
                + name
                + " { public static void main(String[] args) {} }"
            : IMPORTS
                + "public final class "
                + name
                + " { public static void main(String[] args) throws Exception {\n"
                + s.code
                + "\n} }";
    Path out = Files.createDirectories(folder.resolve(s.page + s.number));
    StringWriter messages = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> files = new ArrayList<>();
    files.add(file(name, source));
    if (s.code.contains("import org.springframework.")) {
      SpringStandIns.SOURCES.forEach((as, text) -> files.add(file(as, text)));
    }
    List<String> options =
        List.of(
            "-d",
            out.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "--add-modules",
            "jdk.incubator.vector",
            "-proc:none");
    boolean ok = compiler.getTask(messages, null, null, options, null, files).call();
    assertThat(ok).as(messages + "\n" + source).isTrue();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {out.toUri().toURL()}, getClass().getClassLoader())) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
  }

  private static JavaFileObject file(String type, String source) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + type.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
