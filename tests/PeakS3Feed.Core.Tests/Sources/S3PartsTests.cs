using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Large objects that are read on several connections at a time.</summary>
public class S3PartsTests
{
    private const int MiB = 1024 * 1024;

    // Slow enough that the reader waits for the network, on any machine.
    private static readonly FakeNetwork Slow = new() { BytesPerSecond = 16 * MiB };

    public static TheoryData<int> Connections => [1, 2, 3, 8, 64];

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task The_bytes_are_those_of_the_object_in_their_order(int connections)
    {
        await using var h = await StartAsync(connections);
        var (o, content) = await PutAsync(h, 21 * MiB + 12_345);

        Assert.Equal(content, await ReadAsync(h, o));

        var gets = h.Requests(FakeOperation.Get).ToList();
        Assert.All(gets, g => Assert.Equal($"\"{o.ETag}\"", g.Header("If-Match")));
        Assert.Null(gets[0].Header("Range"));
        Assert.InRange(h.S3.Traffic.Read().AtOnce, connections == 1 ? 1 : 2, connections);
        Assert.Equal(connections > 1, gets.Count > 1);
        MustBeFree(h);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Connections_that_fail_are_followed_by_others(int connections)
    {
        await using var h = await StartAsync(connections);
        var (o, content) = await PutAsync(h, 21 * MiB + 1);
        Fault[] faults = [Fault.Drop(100_000), Fault.SlowDown, Fault.EndEarly(1_000_000), new() { HangUp = true }, Fault.Drop(0), Fault.InternalError];
        var asked = 0;
        foreach (var fault in faults)
            h.S3.Faults.Enqueue(fault, FakeOperation.Get, times: 2, when: _ => Interlocked.Increment(ref asked) % 2 == 0);

        Assert.Equal(content, await ReadAsync(h, o));
        MustBeFree(h);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task An_object_that_changes_meanwhile_is_ObjectChanged_and_nothing_of_the_new_version_is_read(int connections)
    {
        await using var h = await StartAsync(connections);
        var (o, content) = await PutAsync(h, 24 * MiB);
        h.S3.Faults.Enqueue(Fault.Drop(6 * MiB), FakeOperation.Get); // one connection alone would read the old version to its end
        var read = new MemoryStream();
        await using var stream = await h.Source.OpenWholeAsync(o, default);
        var buffer = new byte[100_000];
        while (read.Length < 4 * MiB)
            read.Write(buffer, 0, await stream.ReadAsync(buffer));
        h.S3.Put("acme", "big.bin", new byte[24 * MiB]);

        await S3Harness.FailsAsync("ObjectChanged", () => stream.CopyToAsync(read));
        Assert.True(content.AsSpan(0, (int)read.Length).SequenceEqual(read.ToArray()));
        Assert.True(read.Length < content.Length);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_wrong_checksum_of_the_whole_object_is_found_before_its_last_bytes(int connections)
    {
        await using var h = await StartAsync(connections);
        var bytes = Content(21 * MiB);
        h.S3.Put("acme", FakeObject.Create("big.bin", bytes) with
        {
            Checksums = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-amz-checksum-crc32c"] = "AAAAAA==" },
        });
        var o = Assert.Single(await h.ListAsync());
        var read = new MemoryStream();
        await using var stream = await h.Source.OpenWholeAsync(o, default);

        await S3Harness.FailsAsync("ChecksumMismatch", () => stream.CopyToAsync(read));
        Assert.True(read.Length < bytes.Length);
    }

    [Theory]
    [MemberData(nameof(Connections))]
    public async Task A_stream_that_is_left_in_the_middle_gives_everything_back(int connections)
    {
        await using var h = await StartAsync(connections);
        var (o, _) = await PutAsync(h, 24 * MiB);
        await using (var stream = await h.Source.OpenWholeAsync(o, default))
            await stream.ReadExactlyAsync(new byte[5 * MiB]);
        MustBeFree(h);
    }

    [Fact]
    public async Task A_reader_that_never_waits_reads_on_one_connection()
    {
        var time = new FakeTimeProvider();
        await using var h = await S3Harness.StartAsync(time: time);
        var (o, content) = await PutAsync(h, 16 * MiB);
        await using var stream = await h.Source.OpenWholeAsync(o, default);
        var read = new MemoryStream();
        var buffer = new byte[256 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            read.Write(buffer, 0, count);
            time.Advance(TimeSpan.FromMilliseconds(5)); // only the reader takes time
        }

        Assert.True(content.AsSpan().SequenceEqual(read.ToArray()));
        Assert.Single(h.Requests(FakeOperation.Get));
    }

    [Fact]
    public async Task SlowDown_halves_the_number_of_connections_and_they_grow_again()
    {
        await using var h = await S3Harness.StartAsync();
        var ahead = h.Source.Ahead!;
        var before = ahead.Limit;
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Faults.Enqueue(Fault.SlowDown, FakeOperation.Get, times: 2);

        Assert.Equal("one", await h.ReadAsync(o));

        Assert.Equal(before / 2, ahead.Limit); // two refusals within a second count once
        ahead.Grow();
        Assert.Equal((before / 2) + 1, ahead.Limit);
    }

    [Fact]
    public async Task Memory_for_parts_is_bounded_by_all_readers_together()
    {
        await using var h = await StartAsync(64);
        var all = new List<(SourceObject Object, byte[] Content)>();
        for (var i = 0; i < 4; i++)
            all.Add(await PutAsync(h, 16 * MiB, $"{i}.bin"));

        var read = await Task.WhenAll(all.Select(a => Task.Run(() => ReadAsync(h, a.Object))));

        Assert.All(all.Zip(read), p => Assert.True(p.First.Content.AsSpan().SequenceEqual(p.Second)));
        Assert.InRange(h.Source.Ahead!.PeakBytes, ReadAhead.PartBytes, ReadAhead.MaxBytes);
        MustBeFree(h);
    }

    [Fact]
    public async Task After_a_reader_waited_the_next_object_requests_parts_before_its_own_reader_comes()
    {
        await using var h = await StartAsync(64);
        var (first, _) = await PutAsync(h, 32 * MiB, "1.bin");
        var (next, content) = await PutAsync(h, 21 * MiB, "2.bin");
        await ReadAsync(h, first);
        var before = h.Requests(FakeOperation.Get).Count();
        Assert.True(h.Source.Ahead!.UsualParts > 0);

        await using (var stream = await h.Source.OpenWholeAsync(next, default))
        {
            await TestLimits.UntilAsync(() => h.Requests(FakeOperation.Get).Count() > before + 2, "requests of parts");
            await Task.Delay(100);
            Assert.Equal(0, h.Source.Ahead!.HeldBytes);

            var read = new MemoryStream();
            await stream.CopyToAsync(read);
            Assert.True(content.AsSpan().SequenceEqual(read.ToArray()));
        }

        // One that nobody reads gives everything back.
        await (await h.Source.OpenWholeAsync(next, default)).DisposeAsync();
        MustBeFree(h);
    }

    [Fact]
    public async Task Where_readers_wait_no_longer_objects_are_read_on_one_connection_again()
    {
        await using var h = await StartAsync(64);
        var (o, _) = await PutAsync(h, 20 * MiB);
        var ahead = h.Source.Ahead!;
        await ReadAsync(h, o);
        Assert.True(ahead.UsualParts > 0);
        for (var readers = 0; ahead.UsualParts > 0; readers++)
        {
            Assert.InRange(readers, 0, 100);
            ahead.NeedFewer();
        }

        var before = h.Requests(FakeOperation.Get).Count();
        await using (var last = await h.Source.OpenWholeAsync(o, default))
            await Task.Delay(100);
        Assert.Equal(before + 1, h.Requests(FakeOperation.Get).Count());
    }

    [Fact]
    public async Task A_reader_that_waits_for_no_part_counts_as_satisfied()
    {
        await using var h = await StartAsync(64);
        var (o, _) = await PutAsync(h, 20 * MiB);
        await ReadAsync(h, o);
        var before = h.Source.Ahead!.UsualParts;
        h.S3.Network = new();
        for (var i = 0; i < 5; i++)
        {
            // The reader is slower than the network.
            await using var stream = await h.Source.OpenWholeAsync(o, default);
            var buffer = new byte[ReadAhead.PartBytes];
            do
                await Task.Delay(50);
            while (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false) > 0);
        }

        Assert.InRange(h.Source.Ahead!.UsualParts, 0, before - 1);
    }

    private static async Task<S3Harness> StartAsync(int connections)
    {
        var h = await S3Harness.StartAsync(S3Harness.Plain with { MaxConnections = connections });
        h.S3.Network = Slow;
        return h;
    }

    private static async Task<(SourceObject Object, byte[] Content)> PutAsync(S3Harness h, int bytes, string key = "big.bin")
    {
        var content = Content(bytes);
        h.S3.Put("acme", key, content);
        return (await h.Source.FindAsync(key, default) ?? throw new InvalidOperationException(key), content);
    }

    private static byte[] Content(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private static async Task<byte[]> ReadAsync(S3Harness h, SourceObject source)
    {
        await using var stream = await h.Source.OpenWholeAsync(source, default);
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }

    // All memory and all connections can be taken again.
    private static void MustBeFree(S3Harness h) => Assert.Equal((0, 0), (h.Source.Ahead!.HeldBytes, h.Source.Ahead!.Connections));
}
