using DicomFunctions.Core.Storage;
using DicomFunctions.Dictionary;

namespace DicomFunctions.Core.Tables;

/// <summary>A column. Its type is that of its values if all have the same, otherwise text.</summary>
/// <param name="name">Its name.</param>
/// <param name="vr">The value representation of attributes that do not state one.</param>
/// <param name="emptyType">The type if no value is found.</param>
internal sealed class TableColumn(string name, Vr vr, CellType emptyType)
{
    private CellType? _type;
    private CellType _emptyType = emptyType;

    public string Name => name;

    public Vr Vr => vr;

    /// <summary>The place among the columns of the table; negative if it is none of them.</summary>
    public int Position { get; set; } = -1;

    public CellType Type => _type == CellType.Decimal && !Digits.IsExact ? CellType.Text : _type ?? _emptyType;

    /// <summary>The digits of a decimal column.</summary>
    public DecimalText Digits { get; private set; } = new(1, 0);

    public bool HasValues => _type is not null;

    /// <summary>Whether no other cell can change the type.</summary>
    public bool IsLearnt => _type == CellType.Text;

    /// <summary>Learns the type from a cell of its attribute.</summary>
    public void Learn(in Cell cell, Vr stated)
    {
        if (cell.Text is null && !HasValues)
            _emptyType = CellTypes.Of(stated);
        Learn(cell);
    }

    /// <summary>Learns the type from a cell.</summary>
    public void Learn(in Cell cell)
    {
        if (cell.Text is null)
            return;
        _type = _type is null || _type == cell.Type ? cell.Type : CellType.Text;
        if (_type == CellType.Decimal && DecimalText.TryMeasure(cell.Text, out var digits))
            Digits = Digits.With(digits);
    }

    /// <summary>The cell as a value of the column.</summary>
    /// <exception cref="ObjectDamagedException">It cannot be one, so it is not what the column was learnt from.</exception>
    public Cell Check(in Cell cell)
    {
        if (cell.Text is null || Type == CellType.Text)
            return cell with { Type = CellType.Text };
        if (cell.Type != Type || (Type == CellType.Decimal && !IsWithinDigits(cell.Text)))
            throw TableColumns.Changed();
        return cell;
    }

    private bool IsWithinDigits(string text) => DecimalText.TryMeasure(text, out var digits) && Digits.With(digits) == Digits;
}
