namespace PeakS3Feed.Destinations.Parquet;

/// <summary>A file that can be read at any offset.</summary>
/// <param name="Name">The file, for messages.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ReadAtAsync">Reads bytes from an offset. Returns how many; fewer than asked for only if the file ends.</param>
internal sealed record ParquetSource(string Name, long Bytes, Func<long, Memory<byte>, CancellationToken, Task<int>> ReadAtAsync);
