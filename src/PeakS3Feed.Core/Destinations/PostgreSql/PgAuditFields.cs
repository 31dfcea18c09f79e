using System.Buffers.Binary;

namespace PeakS3Feed.Destinations.PostgreSql;

/// <summary>Encodes the audit columns of an object, which are the same in each of its rows.</summary>
internal static class PgAuditFields
{
    /// <param name="count">The number of columns: none, three, or four with the time of the last update.</param>
    /// <param name="stamp">The load's time; microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="fileName">The object, UTF-8.</param>
    /// <param name="runId">The run, ASCII.</param>
    public static byte[] Encode(int count, long stamp, ReadOnlySpan<byte> fileName, ReadOnlySpan<byte> runId)
    {
        if (count == 0)
            return [];
        Span<byte> time = stackalloc byte[PgTimestamp.Width];
        PgTimestamp.Write(time, stamp);
        ReadOnlySpan<byte> last = count == 4 ? Field(time) : [];
        return [.. Field(time), .. Field(fileName), .. Field(runId), .. last];
    }

    private static byte[] Field(ReadOnlySpan<byte> value)
    {
        var field = new byte[sizeof(int) + value.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, value.Length);
        value.CopyTo(field.AsSpan(sizeof(int)));
        return field;
    }
}
