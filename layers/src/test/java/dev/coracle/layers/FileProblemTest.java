package dev.coracle.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {
    @TempDir
    Path temp;

    @Test
    void saysWhatIsWrongWithWhichFile() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThat(words(() -> Files.size(temp.resolve("gone")))).isEqualTo("there is no " + temp.resolve("gone"));
        assertThat(words(() -> Files.createFile(file))).isEqualTo(file + " is in the way");
        assertThat(FileProblem.of(new NotDirectoryException("f"))).isEqualTo("f is not a directory");
        assertThat(words(() -> Files.delete(temp))).isEqualTo(temp + " is not empty");
    }

    @Test
    void keepsWordsThatAreThereAndNeverSaysNull() {
        assertThat(FileProblem.of(new IOException("the disk is on fire"))).isEqualTo("the disk is on fire");
        assertThat(FileProblem.of(new IOException())).isEqualTo("IOException");
    }

    private static String words(ThrowingCallable action) {
        return FileProblem.of(catchThrowableOfType(IOException.class, action));
    }
}
