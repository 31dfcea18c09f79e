using PeakS3Feed.Feeds;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Architecture;

/// <summary>The compiled core against the table of rooms in docs/architecture.md. A room is a folder of PeakS3Feed.Core with all that is below it.</summary>
public sealed class RoomTests
{
    private const string Source = "src/PeakS3Feed.Core/";

    private static readonly Lazy<IReadOnlyList<FolderUse>> Found = new(FindUses);

    [Fact]
    public void Every_room_has_a_row_and_every_row_is_a_room()
    {
        var rows = RoomTable.Read().Rows.Select(r => r.Room).ToList();

        Assert.Equal(rows.Distinct(StringComparer.Ordinal), rows);
        Assert.Equal(Rooms().Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_uses_the_rooms_that_its_row_names_and_no_other()
    {
        var uses = Found.Value.Where(u => u.FromRoom != u.ToRoom).ToLookup(u => u.FromRoom, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (room, mayUse) in RoomTable.Read().Rows)
        {
            var used = uses[room].ToLookup(u => u.ToRoom, StringComparer.Ordinal);
            wrong.AddRange(used.Where(u => !mayUse.Contains(u.Key)).Select(u => $"{room} uses {u.Key}, which its row does not name: {Examples(u)}"));
            wrong.AddRange(mayUse.Where(m => !used.Contains(m)).Select(m => $"The row of {room} names {m}, which no code of {room} uses."));
        }

        AssertNone(wrong);
    }

    [Fact]
    public void No_room_uses_one_that_stands_below_it_so_there_is_no_circle_of_rooms()
    {
        var order = RoomTable.Read().Rows.Select((r, i) => (r.Room, i)).ToDictionary(r => r.Room, r => r.i, StringComparer.Ordinal);
        var wrong = Found.Value.Where(u => u.FromRoom != u.ToRoom && order[u.FromRoom] < order[u.ToRoom]).GroupBy(u => (u.FromRoom, u.ToRoom));

        AssertNone(wrong.Select(u => $"{u.Key.FromRoom} uses {u.Key.ToRoom}, which stands below it: {Examples(u)}"));
    }

    [Fact]
    public void No_folders_of_a_room_use_each_other_in_a_circle()
    {
        var uses = Found.Value.Where(u => u.FromRoom == u.ToRoom).ToLookup(u => (u.From, u.To));
        var graph = new FolderGraph(uses.Select(u => u.Key));
        var circles = uses.Where(u => graph.Reaches(u.Key.To, u.Key.From));

        AssertNone(circles.Select(u => $"{u.Key.From} uses {u.Key.To} and is used by it: {Examples(u)}"));
    }

    [Fact]
    public void A_namespace_is_a_folder()
    {
        var wrong = new List<string>();
        foreach (var (name, type, files) in TypeFiles.Read(typeof(S3Feed).Assembly.Location))
        {
            var own = files.Where(f => f.Contains(Source, StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal)).ToList();
            if (name.Split('.')[0] == "PeakS3Feed" && own.Count == 0)
                wrong.Add($"{name}.{type} has no source file: {string.Join(", ", files)}");
            wrong.AddRange(own.Where(f => "PeakS3Feed." + FolderOf(f).Replace('/', '.') != name).Select(f => $"{name}.{type} is in {f}"));
        }

        AssertNone(wrong);
    }

    // The folders with source in them, as they are on disk: a namespace that no type has is not in the assembly.
    private static IEnumerable<string> Rooms() => Directory.EnumerateDirectories(Repository.PathOf(Source))
        .Where(d => Path.GetFileName(d) is not ("bin" or "obj") && Directory.EnumerateFiles(d, "*.cs", SearchOption.AllDirectories).Any())
        .Select(d => Path.GetFileName(d));

    private static string FolderOf(string file) => file[(file.LastIndexOf(Source, StringComparison.Ordinal) + Source.Length)..file.LastIndexOf('/')];

    private static List<FolderUse> FindUses()
    {
        using var core = CompiledAssembly.Open(typeof(S3Feed).Assembly.Location);
        return [.. core.Uses().Where(u => u.From.Namespace != u.To.Namespace).Select(FolderUse.Create).Order()];
    }

    // All of them, each on its line: Assert.Empty shows the first few.
    private static void AssertNone(IEnumerable<string> wrong)
    {
        var text = string.Join('\n', wrong);
        Assert.True(text.Length == 0, text);
    }

    private static string Examples(IEnumerable<FolderUse> uses) => string.Join(", ", uses.Take(5).Select(u => $"{u.FromType} → {u.ToType}"));
}
