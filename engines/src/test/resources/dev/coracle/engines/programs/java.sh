# The version, a compiler run, an HTTP server: Debian's Java 17 with many threads, and a newer one with virtual ones.
set -e
java -version 2>&1 | sed 's/"[^"]*"/VERSION/; s/(build.*/BUILD/' | head -n 3
cat >Served.java <<'END'
import com.sun.net.httpserver.HttpServer;
import java.net.*;
import java.net.http.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.*;

public class Served {
    public static void main(String[] words) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService pool = words.length == 0
                ? Executors.newFixedThreadPool(32)
                : (ExecutorService) Executors.class.getMethod(words[0]).invoke(null);
        server.setExecutor(pool);
        server.createContext("/", exchange -> {
            byte[] answer = ("served " + exchange.getRequestURI()).getBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + i);
            answers.add(client.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .thenApply(HttpResponse::body));
        }
        int right = 0;
        for (int i = 0; i < 200; i++) if (answers.get(i).get().equals("served /" + i)) right++;
        System.out.println(right + " right answers");
        server.stop(0);
        pool.shutdown();
        Files.writeString(Path.of("written"), "text");
        try (var list = Files.list(Path.of("."))) { System.out.println(list.sorted().toList()); }
        Process process = new ProcessBuilder("/bin/sh", "-c", "echo child; exit 3").inheritIO().start();
        System.out.println(process.waitFor() + " " + System.getProperty("java.home") + " " + Path.of("").toRealPath());
        try { Object nothing = words.length > 5 ? "" : null; nothing.hashCode(); }
        catch (NullPointerException e) { System.out.println("null"); }
        System.gc();
        System.exit(4);
    }
}
END
javac Served.java
java -Xmx256m Served || echo "ended with $?"
/opt/jdk/bin/javac Served.java
/opt/jdk/bin/java -Xmx256m Served newVirtualThreadPerTaskExecutor || echo "ended with $?"
