// The questions and the metadata of the views through JDBC.
// java -cp DRIVER Client.java QUERIES ANSWERS METADATA
import java.io.PrintWriter;
import java.nio.file.*;
import java.sql.*;
import java.util.Properties;

public class Client {
    static String text(ResultSet rows, int column, int type) throws SQLException {
        String value = rows.getString(column);
        if (value == null) return "\\N";
        return type == Types.TIMESTAMP ? value.substring(0, 19) : value;
    }

    public static void main(String[] args) throws Exception {
        Properties login = new Properties();
        login.setProperty("user", System.getenv("PGUSER"));
        String url = "jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
        try (Connection db = DriverManager.getConnection(url, login);
                PrintWriter answers = new PrintWriter(args[1], "UTF-8");
                PrintWriter metadata = new PrintWriter(args[2], "UTF-8")) {
            db.createStatement().execute("SET TimeZone = 'Asia/Jakarta'");
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                if (line.startsWith("#")) continue;
                String[] part = line.split("\\|", 3);
                answers.println("== " + part[0]);
                PreparedStatement query = db.prepareStatement(part[2].replaceAll("\\$[0-9]", "?"));
                if (!part[1].isEmpty()) {
                    String[] values = part[1].split(",");
                    for (int i = 0; i < values.length; i++) query.setString(i + 1, values[i]);
                }
                ResultSet rows = query.executeQuery();
                ResultSetMetaData about = rows.getMetaData();
                while (rows.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= about.getColumnCount(); i++)
                        row.append(i > 1 ? "|" : "").append(text(rows, i, about.getColumnType(i)));
                    answers.println(row);
                }
            }
            ResultSet c = db.getMetaData().getColumns(null, "bekasi\\_bi", "%", "%");
            while (c.next())
                metadata.println(c.getString("TABLE_NAME") + "|" + c.getString("COLUMN_NAME") + "|"
                    + JDBCType.valueOf(c.getInt("DATA_TYPE")) + "|" + c.getInt("COLUMN_SIZE") + "|"
                    + (c.getString("REMARKS") == null ? "" : "comment"));
        }
    }
}
