package dev.harpia.blas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where caches and libraries are, by operating system. */
class PlacesTest {
  @TempDir Path folder;

  @Test
  void theCacheFollowsTheSystemsCustom() {
    String home = folder.resolve("home").toString();
    String xdg = folder.resolve("xdg").toString();
    assertThat(cache("Linux", home, Map.of())).contains(Path.of(home, ".cache", "harpia"));
    assertThat(cache("Linux", home, Map.of("XDG_CACHE_HOME", xdg)))
        .contains(Path.of(xdg, "harpia"));
    assertThat(cache("Linux", home, Map.of("XDG_CACHE_HOME", "relative")))
        .contains(Path.of(home, ".cache", "harpia"));
    assertThat(cache("Mac OS X", home, Map.of()))
        .contains(Path.of(home, "Library", "Caches", "harpia"));
    assertThat(cache("Windows 11", home, Map.of()))
        .contains(Path.of(home, "AppData", "Local", "harpia", "cache"));
    assertThat(cache("Windows 11", home, Map.of("LOCALAPPDATA", xdg)))
        .contains(Path.of(xdg, "harpia", "cache"));
    // what the JVM says where the user has no entry
    assertThat(cache("Linux", "?", Map.of())).isEmpty();
  }

  @Test
  void thePropertyWins() {
    Properties system = new Properties();
    system.setProperty("harpia.cache", folder.toString());
    assertThat(CacheDirectory.of(system, Map.of("XDG_CACHE_HOME", "/xdg"))).contains(folder);
  }

  private static Optional<Path> cache(String os, String home, Map<String, String> env) {
    Properties system = new Properties();
    system.setProperty("os.name", os);
    system.setProperty("user.home", home);
    return CacheDirectory.of(system, env);
  }

  @Test
  void everyPlatformHasItsPins() {
    assertThat(PackagedLibrary.of("Linux", "amd64")).contains(PackagedLibrary.LINUX_X86_64);
    assertThat(PackagedLibrary.of("Linux", "aarch64")).contains(PackagedLibrary.LINUX_ARM64);
    assertThat(PackagedLibrary.of("Mac OS X", "aarch64")).contains(PackagedLibrary.MACOSX_ARM64);
    assertThat(PackagedLibrary.of("Windows Server 2025", "amd64"))
        .contains(PackagedLibrary.WINDOWS_X86_64);
    assertThat(PackagedLibrary.of("Mac OS X", "x86_64")).isEmpty();
    assertThat(PackagedLibrary.of("Linux", "riscv64")).isEmpty();
  }

  @Test
  void systemLibrariesAreFoundOnceAndRelativeEntriesAreIgnored() throws Exception {
    Path library = Files.writeString(folder.resolve("libopenblas.so.0"), "x");
    Files.createSymbolicLink(folder.resolve("libopenblas.so"), library);
    SystemPlaces places =
        SystemPlaces.of("Linux", "amd64", folder + File.pathSeparator + "." + File.pathSeparator);
    assertThat(places.directories()).contains(folder).allMatch(Path::isAbsolute);
    assertThat(places.directories()).contains(Path.of("/usr/lib/x86_64-linux-gnu"));
    assertThat(new SystemPlaces(List.of(folder), places.names()).found()).containsExactly(library);
  }

  @Test
  void anElfFileIsCheckedForMachineAndLength() throws Exception {
    Path path = folder.resolve("a.so");
    Files.write(path, elf(62, 100, 100));
    assertThat(Elf.objection(path, "amd64")).isEmpty();
    assertThat(Elf.objection(path, "aarch64"))
        .contains("built for another processor (ELF machine 62, this is 183)");
    Files.write(path, elf(62, 100, 101));
    assertThat(Elf.objection(path, "amd64")).contains("truncated: 220 bytes of 221");
    Files.write(path, new byte[10]);
    assertThat(Elf.objection(path, "amd64")).contains("not a 64-bit shared library (ELF)");
  }

  /** A header, one segment header and some bytes of content, of which the segment wants others. */
  private static byte[] elf(int machine, int content, int wanted) {
    var file = java.nio.ByteBuffer.allocate(120 + content).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
    file.putShort(18, (short) machine).putLong(32, 64).putShort(56, (short) 1);
    file.putInt(64, 1).putLong(64 + 8, 120).putLong(64 + 32, wanted);
    return file.array();
  }
}
