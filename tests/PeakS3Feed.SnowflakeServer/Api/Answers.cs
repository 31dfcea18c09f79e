using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.SnowflakeServer.Sessions;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>Writes the answers of the SQL API.</summary>
internal static class Answers
{
    /// <summary>The statement goes on.</summary>
    public static Task RunningAsync(HttpContext context, ApiStatement statement) => WriteAsync(context, StatusCodes.Status202Accepted, new
    {
        code = "333334",
        message = "Asynchronous execution in progress. Use provided query id to perform query monitoring and management.",
        statementHandle = statement.Handle,
        statementStatusUrl = Link(statement),
    });

    /// <summary>The statement failed.</summary>
    public static Task FailedAsync(HttpContext context, ApiStatement statement, int status) => WriteAsync(context, status, new
    {
        code = statement.Error!.Code.Length == 0 ? "000001" : statement.Error.Code,
        message = statement.Error.Message,
        sqlState = statement.Error.State,
        statementHandle = statement.Handle,
        createdOn = statement.Created.ToUnixTimeMilliseconds(),
        statementStatusUrl = Link(statement),
    });

    /// <summary>The request failed.</summary>
    public static Task FailedAsync(HttpContext context, SqlApiException e)
    {
        if (e.RetryAfter > 0)
            context.Response.Headers.RetryAfter = e.RetryAfter.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, e.Status, new { code = e.Code, message = e.Message, sqlState = e.State });
    }

    /// <summary>The statement was cancelled, or had ended.</summary>
    public static Task CancelledAsync(HttpContext context, ApiStatement statement) => WriteAsync(context, StatusCodes.Status200OK, new
    {
        code = "000604",
        sqlState = "57014",
        message = "successfully canceled",
        statementHandle = statement.Handle,
        statementStatusUrl = Link(statement),
    });

    /// <summary>The result, with its first partition.</summary>
    public static Task ResultAsync(HttpContext context, ApiStatement statement, int partitionRows)
    {
        var result = statement.Result!;
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["resultSetMetaData"] = new
            {
                numRows = result.Rows.Count,
                format = "jsonv2",
                partitionInfo = result.Rows.Chunk(partitionRows).DefaultIfEmpty([]).Select(c => new { rowCount = c.Length, uncompressedSize = 0 }),
                rowType = result.Columns.Select(Column),
            },
            ["data"] = result.Rows.Take(partitionRows),
            ["code"] = "090001",
            ["statementStatusUrl"] = Link(statement),
            ["requestId"] = Guid.NewGuid(),
            ["sqlState"] = "00000",
            ["statementHandle"] = statement.Handle,
            ["message"] = "Statement executed successfully.",
            ["createdOn"] = statement.Created.ToUnixTimeMilliseconds(),
        };
        if (result.Changed is { } changed)
        {
            answer["stats"] = new
            {
                numRowsInserted = changed.Inserted, numRowsUpdated = changed.Updated, numRowsDeleted = changed.Deleted, numDuplicateRowsUpdated = 0,
            };
        }
        return WriteAsync(context, StatusCodes.Status200OK, answer);
    }

    /// <summary>A further partition: only its rows, compressed.</summary>
    public static async Task PartitionAsync(HttpContext context, SnowflakeResult result, int partition, int partitionRows)
    {
        var rows = result.Rows.Skip(partition * partitionRows).Take(partitionRows).ToList();
        if (rows.Count == 0)
            throw SqlApiException.BadRequest($"There is no partition {partition}.");
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = "gzip";
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            await JsonSerializer.SerializeAsync(gzip, new { data = rows }, cancellationToken: context.RequestAborted);
        await context.Response.Body.WriteAsync(bytes.ToArray(), context.RequestAborted);
    }

    private static Dictionary<string, object?> Column(ResultColumn column)
    {
        var type = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = column.Name, ["type"] = column.Type, ["nullable"] = true };
        if (column.Precision is not null)
            (type["precision"], type["scale"]) = (column.Precision, column.Scale);
        return type;
    }

    private static string Link(ApiStatement statement) => $"/api/v2/statements/{statement.Handle}?requestId={Guid.NewGuid()}";

    private static async Task WriteAsync(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer)), context.RequestAborted);
    }
}
