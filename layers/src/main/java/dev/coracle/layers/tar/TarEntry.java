package dev.coracle.layers.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An entry of an archive: its header, and the records that say it better. What they say is looked at when somebody asks, and fails then
 * when it makes no sense.
 */
public final class TarEntry {
    private final TarHeader header;
    private final Map<String, String> records;
    private final String name;
    private final String target;
    private final TarType type;
    private SparseMap content = SparseMap.whole(0);

    TarEntry(TarHeader header, Map<String, String> records, Names names) {
        this.header = header;
        this.records = records;
        String stated = records.getOrDefault("path", names.name().isEmpty() ? header.name() : names.name());
        this.name = records.getOrDefault("GNU.sparse.name", stated);
        this.target = records.getOrDefault(
                "linkpath", names.target().isEmpty() ? header.text(TarHeader.LINK) : names.target());
        this.type = TarType.of(header.flag(), name);
    }

    /** What entries in front of this one said of its names; empty where they said nothing. */
    record Names(String name, String target) {
        static final Names NONE = new Names("", "");
    }

    void content(SparseMap map) {
        content = map;
    }

    /** The name as it stands there. */
    public String name() {
        return name;
    }

    /** What a link leads to. */
    public String target() {
        return target;
    }

    /** What it makes. */
    public TarType type() {
        return type;
    }

    /** The letter that stands for the type. */
    public char flag() {
        return header.flag();
    }

    /** The content of a file; nothing of anything else. */
    public SparseMap content() {
        return content;
    }

    /** Permission bits, and those above them. */
    public int mode() throws IOException {
        return (int) (header.number(TarHeader.MODE) & 07777);
    }

    /** The number of the user. */
    public long user() throws IOException {
        return number("uid", TarHeader.USER);
    }

    /** The number of the group. */
    public long group() throws IOException {
        return number("gid", TarHeader.GROUP);
    }

    private long number(String record, TarHeader.Field field) throws IOException {
        String stated = records.getOrDefault(record, "");
        return stated.isEmpty() ? header.number(field) : PaxRecords.number(stated);
    }

    /** When it was changed. */
    public Instant modified() throws IOException {
        String stated = records.getOrDefault("mtime", "");
        return stated.isEmpty() ? PaxRecords.second(header.number(TarHeader.MODIFIED)) : PaxRecords.instant(stated);
    }

    /** The first number of a device. */
    public int major() throws IOException {
        return (int) header.number(TarHeader.MAJOR);
    }

    /** The second number of a device. */
    public int minor() throws IOException {
        return (int) header.number(TarHeader.MINOR);
    }

    /** Extended attributes by name, values as bytes. */
    public SortedMap<String, byte[]> attributes() {
        SortedMap<String, byte[]> attributes = new TreeMap<>();
        for (Map.Entry<String, String> record : records.entrySet()) {
            if (record.getKey().startsWith(PaxRecords.ATTRIBUTE)) {
                String attribute = record.getKey().substring(PaxRecords.ATTRIBUTE.length());
                attributes.put(attribute, record.getValue().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return attributes;
    }
}
