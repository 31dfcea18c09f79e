using System.Globalization;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Store;

[Trait(Category.Name, Category.Kill)]
public sealed class StoreProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<WriterProcess> _started = [];

    public void Dispose()
    {
        _started.ForEach(w => w.Dispose());
        _folder.Dispose();
    }

    private List<WriterProcess> Start(string prefix, int count)
    {
        var writers = Enumerable.Range(1, 3)
            .Select(i => new WriterProcess("definitions", _folder["store"], $"{prefix}{i}", count.ToString(CultureInfo.InvariantCulture))).ToList();
        _started.AddRange(writers);
        return writers;
    }

    [Fact]
    public async Task Several_processes_write_at_once_and_nothing_is_lost()
    {
        var writers = Start("w", 40);
        var store = new DefinitionStore(StorePaths.Resolve(_folder["store"]));
        var ends = Task.WhenAll(writers.Select(w => w.EndAsync()));
        while (!ends.IsCompleted)
        {
            // A reader never meets half a file.
            await store.ReadAsync();
            await Task.Delay(5);
        }

        var acknowledged = (await ends).SelectMany(l => l).ToList();
        var errors = await Task.WhenAll(writers.Select(w => w.Errors));
        Assert.All(errors, Assert.Empty);
        Assert.Equal(120, acknowledged.Count);
        Assert.Equal(acknowledged.Order(), (await store.ReadAsync()).Connections.Select(c => c.Name).Order());
    }

    [Fact]
    public async Task Killed_at_any_instant_the_store_is_readable_and_holds_every_acknowledged_write()
    {
        var random = new Random(20260131);
        var store = new DefinitionStore(StorePaths.Resolve(_folder["store"]));
        var acknowledged = new HashSet<string>();
        for (var round = 0; round < 8; round++)
        {
            var writers = Start($"r{round}w", 100_000);
            await await Task.WhenAny(writers.Select(w => w.FirstLine));
            foreach (var writer in writers)
            {
                await Task.Delay(random.Next(60));
                writer.Kill();
                acknowledged.UnionWith(await writer.EndAsync());
                Assert.Superset(acknowledged, (await store.ReadAsync()).Connections.Select(c => c.Name).ToHashSet());
            }
        }

        Assert.NotEmpty(acknowledged);
        Assert.DoesNotContain(Directory.GetFiles(_folder["store"]), f => f.Contains("unreadable", StringComparison.Ordinal));
        await store.UpdateAsync(d => StoreDefinitions.Empty);
        Assert.DoesNotContain(Directory.GetFiles(_folder["store"]), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
