// A shop against the sandbox, without a framework. java Shop.java, then open http://127.0.0.1:3000
import com.sun.net.httpserver.*;
import java.net.*;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.*;

public class Shop {
    static final String API = "http://127.0.0.1:8090"; // https://api.tosspayments.com
    static final String SDK = "http://127.0.0.1:8090/v2/standard"; // https://js.tosspayments.com/v2/standard
    static final String CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
    static final String SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
    static final Map<String, String> orders = new ConcurrentHashMap<>();

    static final String PAGE = """
        <!doctype html><meta charset="utf-8"><title>Shop</title>
        <script src="%s"></script><button>결제하기</button><p></p><script>
        document.querySelector("button").onclick = () =>
          TossPayments("%s").payment({ customerKey: TossPayments.ANONYMOUS }).requestPayment({
            method: "CARD", orderId: "%s", orderName: "티셔츠 1장", amount: { value: %s, currency: "KRW" },
            successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
          }).catch((error) => { document.querySelector("p").textContent = error.code; });
        </script>""";

    static String confirm(Map<String, String> query) throws Exception {
        String orderId = query.get("orderId"), amount = query.get("amount");
        if (!Objects.equals(orders.get(orderId), amount)) return "{\"code\":\"NOT_MY_ORDER\"}";
        String body = "{\"paymentKey\":\"%s\",\"orderId\":\"%s\",\"amount\":%s}"
            .formatted(query.get("paymentKey"), orderId, amount);
        String basic = Base64.getEncoder().encodeToString((SECRET_KEY + ":").getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create(API + "/v1/payments/confirm"))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", orderId)
            .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 3000), 0);
        server.createContext("/", exchange -> {
            String raw = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
            Map<String, String> query = Stream.of(raw.split("&")).map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
            String path = exchange.getRequestURI().getPath(), answer;
            try {
                if (path.equals("/")) {
                    String orderId = UUID.randomUUID().toString();
                    orders.put(orderId, "15000");
                    answer = PAGE.formatted(SDK, CLIENT_KEY, orderId, "15000");
                } else {
                    answer = path.equals("/success") ? confirm(query) : query.toString();
                }
            } catch (Exception error) {
                answer = error.toString();
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", (path.equals("/") ? "text/html" : "application/json") + "; charset=utf-8");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }
}
