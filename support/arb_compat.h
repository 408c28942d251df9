/* Arb lives in FLINT since version 3 (Debian 13, <flint/arb.h>) and in a library of its own before
   (Debian 12, Ubuntu 24.04: <arb.h> or <flint/arb.h> as packaged). Include this and nothing else of either.
 */
#ifndef SB_SUPPORT_ARB_COMPAT_H
#define SB_SUPPORT_ARB_COMPAT_H

#include <gmp.h>
#include <mpfr.h> /* before FLINT, so that its conversions to MPFR are declared */

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_vec.h>
#include <flint/fmpz.h>
#include <flint/fmpz_vec.h>
#include <flint/ulong_extras.h>
#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_dft.h>
#include <flint/acb_hypgeom.h>
#include <flint/acb_poly.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_poly.h>
#include <flint/arf.h>
#include <flint/mag.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_dft.h>
#include <acb_hypgeom.h>
#include <acb_poly.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_poly.h>
#include <arf.h>
#include <mag.h>
#endif

/* FLINT reads the numerator of a rational by a macro; gcc 12 then takes a structure's fmpq_t for its first
 * word and warns falsely. */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif

#endif
