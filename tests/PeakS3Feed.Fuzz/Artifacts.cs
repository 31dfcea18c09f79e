using System.Globalization;
using System.Text;

namespace PeakS3Feed.Fuzz;

/// <summary>The folder for the files that something went wrong with.</summary>
internal sealed class Artifacts(string folder)
{
    /// <summary>Prints a failure and writes the file and what is known of it.</summary>
    public void Report(FuzzCase fuzzCase, string failure, string command, TimeSpan elapsed)
    {
        var name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{fuzzCase.Seed}.{fuzzCase.Type.ToString().ToLowerInvariant()}"));
        var text = $"FAILED after {elapsed.TotalSeconds:F1} s, seed {fuzzCase.Seed}: {failure}\n  {fuzzCase}\n  {command}\n";
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(name, fuzzCase.Stored);
        File.WriteAllText(name + ".txt", text);
        Console.WriteLine(text + $"  {name}");
    }

    /// <summary>Opens the note of the case that a worker is at; it is deleted when the worker ends as it should.</summary>
    public Note OpenNote(int worker)
    {
        Directory.CreateDirectory(folder);
        return new Note(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"worker-{Environment.ProcessId}-{worker}.seed")));
    }

    internal sealed class Note(string path) : IDisposable
    {
        private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1, FileOptions.DeleteOnClose);

        public void Write(ulong seed) => RandomAccess.Write(_file.SafeFileHandle, Encoding.ASCII.GetBytes(seed.ToString("D20", CultureInfo.InvariantCulture)), 0);

        public void Dispose() => _file.Dispose();
    }
}
