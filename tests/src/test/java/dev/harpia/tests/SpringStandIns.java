package dev.harpia.tests;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The few Spring annotations that a snippet names, as declared there but without their meaning:
 * Spring itself is too large a dependency for compiling one snippet.
 */
final class SpringStandIns {
  static final Map<String, String> SOURCES = sources();

  private SpringStandIns() {}

  private static Map<String, String> sources() {
    Map<String, String> all = new LinkedHashMap<>();
    String context = "org.springframework.context.annotation";
    String web = "org.springframework.web.bind.annotation";
    String http = "org.springframework.http";
    put(all, context, "Bean", "@interface Bean { String destroyMethod() default \"\"; }");
    put(all, context, "Configuration", "@interface Configuration {}");
    put(
        all,
        web,
        "ExceptionHandler",
        "@interface ExceptionHandler { Class<? extends Throwable>[] value(); }");
    put(all, web, "PostMapping", "@interface PostMapping { String[] value(); }");
    put(all, web, "RequestBody", "@interface RequestBody {}");
    put(
        all,
        web,
        "ResponseStatus",
        "@interface ResponseStatus { " + http + ".HttpStatus value(); }");
    put(all, web, "RestController", "@interface RestController {}");
    put(all, http, "HttpStatus", "enum HttpStatus { OK, SERVICE_UNAVAILABLE }");
    return all;
  }

  private static void put(Map<String, String> all, String folder, String name, String type) {
    all.put(folder + "." + name, "package " + folder + "; public " + type);
  }
}
