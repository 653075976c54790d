package dev.coracle.architecture;

import java.nio.file.Path;

/** Where the files of the project are that tests read. */
final class Checkout {
    static final Path HOME =
            Path.of(System.getProperty("coracle.home", "..")).toAbsolutePath().normalize();

    private Checkout() {}
}
