package dev.harpia.models.serve;

/** What is wrong with a request, with the status that says so. */
final class HttpFault extends Exception {
  private final int status;

  HttpFault(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** The message. */
  String text() {
    return String.valueOf(getMessage());
  }
}
