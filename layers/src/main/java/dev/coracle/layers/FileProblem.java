package dev.coracle.layers;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What a failed file operation means, in words for a person: Java's own text is often a bare path. */
public final class FileProblem {
    private FileProblem() {}

    /** One clause without a final stop. */
    public static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no " + e.getFile();
            case FileAlreadyExistsException e -> e.getFile() + " is in the way";
            case AccessDeniedException e -> "permission denied for " + e.getFile();
            case NotDirectoryException e -> e.getFile() + " is not a directory";
            case DirectoryNotEmptyException e -> e.getFile() + " is not empty";
            case FileSystemException e when e.getReason() == null -> e.getFile() + " cannot be used";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }
}
